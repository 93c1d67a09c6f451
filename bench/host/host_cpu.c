/* SPDX-License-Identifier: BSD-2-Clause */
/* The CPU: model, number of CPUs, hypervisor. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <hwloc.h>
#if defined(__x86_64__) || defined(__i386__)
#include <cpuid.h>
#endif

#include "host_files.h"
#include "host_parts.h"

static const char cpuinfo[] = "/proc/cpuinfo";

static const struct field cpu_fields[] = {
	{ "vendor", "vendor_id", FACT_TEXT },
	{ "family", "cpu family", FACT_NUMBER },
	{ "model_number", "model", FACT_NUMBER },
	{ "stepping", "stepping", FACT_NUMBER },
	{ "microcode", "microcode", FACT_TEXT },
	{ "arm_implementer", "CPU implementer", FACT_TEXT },
	{ "arm_part", "CPU part", FACT_TEXT },
	{ "arm_variant", "CPU variant", FACT_TEXT },
	{ "arm_revision", "CPU revision", FACT_NUMBER },
};

/* CPU flags about clocks, virtual machines, and instructions for waiting and
 * atomic exchange. */
static const char *const cpu_flags[] = {
	"constant_tsc", "nonstop_tsc", "tsc_known_freq",
	"tsc_reliable", "hypervisor",  "waitpkg",
	"monitor",	"monitorx",    "mwaitx",
	"cx16",		"rtm",	       "cldemote",
	"clwb",		"avx2",	       "avx512f",
	"atomics",	"lrcpc",       "ilrcpc",
	"uscat",	"wfxt",
};

/* Each architecture has a different key for the name of the model. */
void host_cpu_model(char *model, size_t size)
{
	static const char *const names[] = { "model name", "Model Name",
					     "cpu model", "cpu", "uarch" };
	char implementer[32];
	char part[32];
	size_t i;

	for (i = 0; i < HOST_COUNT(names); i++)
		if (host_field(model, size, cpuinfo, names[i], ':'))
			return;
	if (host_field(implementer, sizeof(implementer), cpuinfo,
		       "CPU implementer", ':') &&
	    host_field(part, sizeof(part), cpuinfo, "CPU part", ':'))
		snprintf(model, size, "ARM %s/%s", implementer, part);
	else
		snprintf(model, size, "unknown processor");
}

static hwloc_bitmap_t parse_list(const char *text)
{
	hwloc_bitmap_t cpus = hwloc_bitmap_alloc();

	if (!cpus || !*text || hwloc_bitmap_list_sscanf(cpus, text)) {
		hwloc_bitmap_free(cpus);
		return NULL;
	}
	return cpus;
}

static hwloc_bitmap_t read_online(void)
{
	char text[HOST_TEXT_MAX];

	host_read(text, sizeof(text), "/sys/devices/system/cpu/online");
	return parse_list(text);
}

int host_cpus_online(void)
{
	hwloc_bitmap_t online = read_online();
	int count = online ? hwloc_bitmap_weight(online)
			   : (int)sysconf(_SC_NPROCESSORS_CONF);

	hwloc_bitmap_free(online);
	return count;
}

/* The kernel's list of allowed CPUs may contain CPUs that do not exist. */
int host_cpus_allowed(void)
{
	char text[HOST_TEXT_MAX];
	hwloc_bitmap_t online = read_online();
	hwloc_bitmap_t allowed;
	int count = host_cpus_online();

	host_field(text, sizeof(text), "/proc/self/status", "Cpus_allowed_list",
		   ':');
	allowed = parse_list(text);
	if (online && allowed) {
		hwloc_bitmap_and(allowed, allowed, online);
		count = hwloc_bitmap_weight(allowed);
	}
	hwloc_bitmap_free(online);
	hwloc_bitmap_free(allowed);
	return count;
}

/*
 * CPUID leaf 0x40000000 contains the signature of the hypervisor. The leaf
 * exists if bit 31 of ECX in leaf 1 is set. Reading it needs no file and no
 * privilege.
 */
static void read_signature(char signature[13])
{
	memset(signature, 0, 13);
#if defined(__x86_64__) || defined(__i386__)
	unsigned int a, b, c, d;

	if (!__get_cpuid(1, &a, &b, &c, &d) || !(c >> 31))
		return;
	__cpuid(0x40000000, a, b, c, d);
	memcpy(signature, &b, 4);
	memcpy(signature + 4, &c, 4);
	memcpy(signature + 8, &d, 4);
	if (!*signature)
		memcpy(signature, "unnamed", 8);
#endif
}

void host_hypervisor(char *name, size_t size)
{
	static const char *const known[][2] = {
		{ "KVMKVMKVM", "KVM" },		  { "Microsoft Hv", "Hyper-V" },
		{ "VMwareVMware", "VMware" },	  { "XenVMMXenVMM", "Xen" },
		{ "VBoxVBoxVBox", "VirtualBox" }, { "TCGTCGTCGTCG", "QEMU" },
		{ " lrpepyh  vr", "Parallels" },  { "bhyve bhyve ", "bhyve" },
		{ "ACRNACRNACRN", "ACRN" },
	};
	char signature[13];
	size_t i;

	read_signature(signature);
	for (i = 0; i < HOST_COUNT(known); i++)
		if (!strcmp(signature, known[i][0])) {
			snprintf(name, size, "%s", known[i][1]);
			return;
		}
	if (*signature)
		snprintf(name, size, "hypervisor %s", signature);
	else
		host_read(name, size, "/sys/hypervisor/type");
}

static void put_flags(json_t *into)
{
	char text[HOST_TEXT_MAX];
	char *rest = text;
	char *flag;
	json_t *found = json_array();
	size_t i;

	if (!host_field(text, sizeof(text), cpuinfo, "flags", ':'))
		host_field(text, sizeof(text), cpuinfo, "Features", ':');
	while ((flag = strsep(&rest, " ")))
		for (i = 0; i < HOST_COUNT(cpu_flags); i++)
			if (!strcmp(flag, cpu_flags[i]))
				json_array_append_new(found, json_string(flag));
	if (*text)
		host_put(into, "cpu", "flags", found);
	else
		json_decref(found);
}

void host_put_cpu(json_t *into)
{
	static const struct field allowed = { "allowed", "Cpus_allowed_list",
					      FACT_TEXT };
	char model[HOST_TEXT_MAX];

	host_cpu_model(model, sizeof(model));
	host_put(into, "cpu", "model", json_string(model));
	host_put(into, "cpu", "count", json_integer(host_cpus_online()));
	host_put_fields(into, "cpu", "/proc/self/status", ':', &allowed, 1);
	host_put_fields(into, "cpu", cpuinfo, ':', cpu_fields,
			HOST_COUNT(cpu_fields));
	put_flags(into);
}
