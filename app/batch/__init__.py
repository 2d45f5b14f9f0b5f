"""Many files with one set of options: `daub batch`. BATCH.md says what it is to be relied on for.

From the top down; each knows those below it, and none above:

run        what is to be done, who does it, and what has come of it
report     that as a table: CSV, JSON or a page
pool       processes of this machine, each kept with its kernels
cluster    workers of Dask
worker     the process of `pool`
doing      one task, in whichever process
journal    what has been done before, beside the files
task       one file and what to do with it, as JSON
layout     which files are meant, and where each one goes
memory     how much of it an encode takes, and how many go at once
places     paths and URLs alike
"""
