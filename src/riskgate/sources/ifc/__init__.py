"""Building models (IFC2X3, IFC4) into snapshots.

`step` looks at the text of a model before any library may; `child` reads it in a process of its own, within limits, and
gives `facts`. After that it is plain Python over facts and a mapping: `classify`, `flats`, `choose`, `draw`, `hang`.
"""
