"""AWS services as moto has them, with the rules that AWS has and moto has not.

One module a service: a subclass of moto's backend, and of its API where moto lacks calls. `installed` puts them in
moto's place.
"""
