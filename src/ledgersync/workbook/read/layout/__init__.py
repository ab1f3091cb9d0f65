"""What stands where on a sheet: headers, tables, records, and the text around them."""
