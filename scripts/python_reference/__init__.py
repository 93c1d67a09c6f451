# SPDX-License-Identifier: BSD-2-Clause
"""The threading tutorial's systems, measured: see ../python_reference.py.

cell.py reads what is asked for; queues.py has the queue and the ways to wait
at it; worker.py a thread and its accounts; window.py what all scenarios have
in common. Each other module is one scenario, website.py the pipeline's
server and files.
"""
