# SPDX-License-Identifier: BSD-2-Clause
"""The threading tutorial's systems, measured: see ../python_reference.py.

cell.py reads the cell; queues.py has the queue and the wait policies;
worker.py has a thread and its accounts; window.py is common to all scenarios.
website.py has the pipeline's server and files. Each other module is one
scenario.
"""
