"""Several snapshots into one, entity by entity by their ids: what they agree on stands, what they do not is a conflict.

part    a snapshot as records of claims, each with its origin
agree   when two values are the same
join    the parts together
decide  somebody's choice among the values of a conflict
write   the result as a snapshot, origins and conflicts at their new places
"""
