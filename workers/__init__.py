"""THE WORK AND ITS TOOLS: everything that does."""
