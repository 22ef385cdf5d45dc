"""What travels over the wire: requests as strict shapes, answers as documented ones."""
