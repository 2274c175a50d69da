"""The pages of the method bank: reading, writing, reviewing."""
