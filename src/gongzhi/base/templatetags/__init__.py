"""Template tags every face may use: `{% load show %}`."""
