"""Binjiang Garden: one project at three moments of its life."""
