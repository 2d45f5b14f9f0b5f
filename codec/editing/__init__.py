"""Edits of a picture made of Gaussians: functions that take Gaussians and give others, and know no window.

A selection is an array (N,) of bool, a region an array (H, W) of bool, a picture a `Drawing`. Nothing is changed in
place, so that whoever undoes an edit keeps what there was before.

- Which ones: `shapes` (rectangle, lasso, brush), `selection` (by place, property and colour; joined, grown),
  `footprint` (what they cover).
- At once: `transforms` (move, turn, scale), `canvas` (crop, resize, flip), `colours`, `placing` (duplicate, delete,
  paste), `groups`, `painting`, `smearing`.
- In steps, as generators of progress records like the fit: `refit`, `filling` (delete and close the hole), `detail`.
- Out of it: `rounding` (edited Gaussians as a .daub), `export` (selections as .npz, .ply, .svg), `script` (a list of
  operations, as `daub edit` takes it).
"""
