"""What the doors answer, as shapes for the OpenAPI document. Tests hold every answer against them; nothing is converted by them."""
