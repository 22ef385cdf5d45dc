"""One module per page of the administrators."""
