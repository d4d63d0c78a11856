"""Pages of Logseq, an outliner over Markdown: read, checked, written."""
