"""Replacements for parts of Textual 8.2.8, which is pinned, and the reason for each.

- ``terminal_driver``: invalid UTF-8 ends the app (Textualize/textual#6456), and a terminal that
  nobody reads blocks the event loop once thirty writes wait.
- ``input_decoder``, ``known_sequences``, ``terminal_input``: Textual's parser gives an unknown,
  split or long sequence back as single keys, which run commands.
- ``input_order``: Textual passes a key through the queue of each widget and reads the next one
  meanwhile, so that keys overtake each other.
- ``compositor``: a partial update writes everything from the left edge of the widget.
- ``safe_app``: a crash report prints the locals of every frame, and a signal leaves the terminal in
  the app's modes (Textualize/textual#5140, #5136, #4986).
"""
