"""The form in which figures travel: `.lsp`, signed by the sender, readable by the recipient."""

SUFFIX = ".lsp"
