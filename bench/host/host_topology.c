/* SPDX-License-Identifier: BSD-2-Clause */
/* The part of the machine that this process may use, from hwloc. */
#include <hwloc.h>

#include "host_files.h"
#include "host_parts.h"

static json_t *list_cpus(hwloc_const_bitmap_t cpus)
{
	char text[HOST_TEXT_MAX];

	hwloc_bitmap_list_snprintf(text, sizeof(text), cpus);
	return json_string(text);
}

/* Caches with equal level, size and number of sharing CPUs are one entry. */
static void count_cache(json_t *caches, hwloc_obj_t cache)
{
	const struct hwloc_cache_attr_s *attr = &cache->attr->cache;
	json_t *entry = json_pack(
		"{s:i, s:I, s:i, s:i}", "level", (int)attr->depth, "size_bytes",
		(json_int_t)attr->size, "line_bytes", (int)attr->linesize,
		"shared_by_cpus", hwloc_bitmap_weight(cache->cpuset));
	json_t *other;
	size_t i;

	json_array_foreach(caches, i, other)
	{
		json_int_t count = json_integer_value(
			json_object_get(other, "count"));

		json_object_set_new(entry, "count", json_integer(count));
		if (!json_equal(entry, other))
			continue;
		json_object_set_new(other, "count", json_integer(count + 1));
		json_decref(entry);
		return;
	}
	json_object_set_new(entry, "count", json_integer(1));
	json_array_append_new(caches, entry);
}

static json_t *list_caches(hwloc_topology_t hwloc)
{
	json_t *caches = json_array();
	hwloc_obj_t cache;
	int depth;

	for (depth = hwloc_topology_get_depth(hwloc) - 1; depth >= 0; depth--) {
		if (!hwloc_obj_type_is_dcache(
			    hwloc_get_depth_type(hwloc, depth)))
			continue;
		cache = NULL;
		while ((cache = hwloc_get_next_obj_by_depth(hwloc, depth,
							    cache)))
			count_cache(caches, cache);
	}
	return caches;
}

static void put_count(json_t *into, const char *key, hwloc_topology_t hwloc,
		      hwloc_obj_type_t type)
{
	int count = hwloc_get_nbobjs_by_type(hwloc, type);

	if (count > 0)
		json_object_set_new(into, key, json_integer(count));
}

json_t *host_topology(const struct topology *topology)
{
	json_t *description = json_object();
	hwloc_topology_t hwloc;

	if (!topology)
		return description;
	hwloc = topology_hwloc(topology);
	put_count(description, "packages", hwloc, HWLOC_OBJ_PACKAGE);
	put_count(description, "numa_nodes", hwloc, HWLOC_OBJ_NUMANODE);
	put_count(description, "cores", hwloc, HWLOC_OBJ_CORE);
	put_count(description, "cpus", hwloc, HWLOC_OBJ_PU);
	json_object_set_new(
		description, "cpu_list",
		list_cpus(hwloc_topology_get_topology_cpuset(hwloc)));
	host_put_part(description, "caches", list_caches(hwloc));
	return description;
}
