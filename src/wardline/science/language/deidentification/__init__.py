"""What in a text says who somebody is, found and replaced."""
