"""What the commands share: options, tables, words, messages of usage; nothing here is a command.

A command never imports another one. Decisions are made below `cli`.
"""
