"""GitHub's deliveries: limits → signature → headers → parse → commit → 202 → wake."""
