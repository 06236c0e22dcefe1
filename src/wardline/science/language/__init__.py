"""Reading what people wrote: what a text says, and about whom."""
