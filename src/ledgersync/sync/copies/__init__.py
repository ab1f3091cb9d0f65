"""Copies for people: whom they show what, issuing and refreshing them."""
