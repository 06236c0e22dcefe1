"""What images of the body say in numbers."""
