"""The tables, by what they are about; `workers.storage.tables` has all of them."""
