"""How long each kind of record is kept, as the site has said, and what that means for one of them."""
