"""The matching engine: who visits whom, exactly, with a reason for everyone.

Plain Python, numpy and solvers (OR-Tools, HiGHS, rustworkx). Nothing here reads a clock, a database or chance: a
problem goes in, an answer comes out, and the same problem gives the same answer byte for byte. Begin at `engine.solve`.
"""
