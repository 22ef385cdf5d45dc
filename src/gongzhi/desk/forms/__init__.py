"""One small form per step a member of staff can take; each turns into the arguments of one operation."""
