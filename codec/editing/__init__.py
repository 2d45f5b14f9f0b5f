"""Edits of a picture made of Gaussians: functions that take Gaussians and give others, and know no window.

A selection is an array (N,) of bool, a region an array (H, W) of bool, a picture a `Drawing`. Nothing is changed in
place, so that whoever undoes an edit keeps what there was before.

- Which ones: `shapes` (rectangle, lasso, brush), `selection` (by place, property and colour; joined, grown),
  `footprint` (what they cover), `properties`, `groups`.
- At once, and exact: `transforms` (move, turn, scale), `canvas` (crop, resize, flip), `colours`, `placing` (duplicate,
  delete, add), `smearing` (move along a stroke, widen under one).
- At once, and nearly what pixels would show: `painting.painted`, `repainting.region_recoloured`, `laying.laid_over`.
- In steps, as generators of progress records like the fit: `refit`, `filling` (delete and close the hole), `detail`
  (more here, less there), `painting.paint`, `smudge` (smear), `repainting` (recolour a region), `pasting` (lay a thing
  over). Their records say of each Gaussian which one it was before.
- Out of it: `to_file` (edited Gaussians as a .daub), `export` (.npz, .ply, .svg).
- As a list, for `daub edit`: `table` (names and help), `operations` (what they do), `script` (lists in files).
"""
