"""The parts of answering a question: what is shown, how it is asked, and what of the answer is proven."""
