/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * All backends and scenarios. The build makes the tables from the files in
 * bench/backends/ and bench/scenarios/, so there is no list to edit.
 */
#ifndef REGISTRY_H
#define REGISTRY_H

#include <stdbool.h>
#include <stddef.h>

#include "backend.h"
#include "scenario.h"

/* A backend that is another program; bench/backends/NAME.external. */
struct external {
	const char *id;
	const char *summary;
	const char *command; /* words separated by blanks */
	/*
	 * The supported values: " wait poll spin; placement any;" is a list of
	 * parameters with their values. All values of other parameters are
	 * supported.
	 */
	const char *only;
};

/* A backend that is not in this build, and the package that it needs. */
struct left_out {
	const char *id;
	const char *package;
};

/*
 * A value of --backend. One of backend, external and needs is set. If the
 * scenario has no queue, all three are NULL or 0, and the id is the value that
 * the scenario shows instead, such as a lock.
 */
struct backend_choice {
	const char *id;
	const char *summary;
	const struct backend *backend;
	const struct external *external;
	const char *needs; /* the missing package because of which the backend
			      is not in this build */
};

extern const struct backend *const registry_backends[];
extern const struct external registry_externals[];
extern const struct left_out
	registry_left_out[]; /* the last element has no id */
extern const struct scenario *const registry_scenarios[];
extern const size_t registry_backend_count;
extern const size_t registry_external_count;
extern const size_t registry_scenario_count;

/* The backend at this position: first the backends of this build, then the
 * external backends. Returns false if there is no backend at this position. */
bool registry_choice(size_t position, struct backend_choice *choice);
/* Finds a backend by its id. Also finds backends that are not in this build;
 * then only `needs` is set. */
bool registry_find_choice(const char *id, struct backend_choice *choice);
/* Whether the backend of this name is a bound or `null`, and not a queue. */
bool registry_is_not_a_queue(const char *id);
const struct scenario *registry_find_scenario(const char *id);

/* Describes a name that two scenarios declare differently; NULL: there is
 * none. */
const char *registry_conflict(void);

#endif
