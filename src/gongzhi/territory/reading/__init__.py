"""Reading what other people publish: division lists, change lists, boundary files. Nothing here touches a table."""
