"""HTTP doors only: they say who may come in, what may be asked, and in which words the answer goes out."""
