/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "revision_build.h"
#include "process.h"
#include "run.h"

enum {
	LINE_MAX_BYTES = 400,
};

int scratch_make(char path[PATHS_MAX], struct fault *fault)
{
	const char *folder = getenv("TMPDIR");

	if (!folder || *folder != '/')
		folder = "/tmp";
	snprintf(path, PATHS_MAX, "%.2000s/ringbench-ab-XXXXXX", folder);
	/*
	 * The temporary files of a killed compiler are removed with the folder.
	 */
	if (mkdtemp(path) && setenv("TMPDIR", path, 1) == 0)
		return 0;
	return fault_set(fault, EXIT_OUTPUT,
			 "%.900s: %s; choose another folder with TMPDIR", path,
			 strerror(errno));
}

/*
 * Finds the error in a log: the first line that contains the first of these
 * words; if no line does, the next word; otherwise the last line.
 */
static void find_error(const char *log, char found[LINE_MAX_BYTES])
{
	static const char *const words[] = { "error:", "undefined reference",
					     "***", "" };
	FILE *file = fopen(log, "re");
	char line[LINE_MAX_BYTES];

	snprintf(found, LINE_MAX_BYTES, "no reason given");
	for (size_t i = 0; file && i < sizeof(words) / sizeof(*words); i++) {
		rewind(file);
		while (fgets(line, sizeof(line), file)) {
			line[strcspn(line, "\n")] = '\0';
			if (!*line || !strstr(line, words[i]))
				continue;
			snprintf(found, LINE_MAX_BYTES, "%s", line);
			if (*words[i]) {
				fclose(file);
				return;
			}
		}
	}
	if (file)
		fclose(file);
}

/* If make started this program, the settings of that make must not apply to the
 * make that is started here. */
#define MAKE                                                         \
	"env", "-u", "MAKEFLAGS", "-u", "MFLAGS", "-u", "MAKELEVEL", \
		"LC_ALL=C", "make", "--no-print-directory"

/* Gets the link command from `make -n`. */
static int find_link(struct revision_build *build, const char *build_option,
		     const char *revision_option, struct fault *fault)
{
	const char *const argv[] = {
		MAKE, "-n", "V=1", build_option, revision_option, "all", NULL
	};
	int code;
	char *output = process_read(argv, build->tree, &code);
	int error = link_line_find(&build->link, output, build->executable);

	free(output);
	if (!error)
		return 0;
	if (code == 127)
		return fault_set(fault, EXIT_CHILD,
				 "make is not installed, and ab needs it to "
				 "build revisions; install it");
	return fault_set(fault, EXIT_CHILD,
			 "%s (%s) has no Makefile that links a program called "
			 "ringbench; choose a later revision",
			 build->label, build->revision.name);
}

static int compile(struct revision_build *build, const char *build_option,
		   const char *revision_option, const char *log,
		   struct fault *fault)
{
	char jobs[32], line[LINE_MAX_BYTES];
	const char *const argv[] = { MAKE,  jobs, build_option, revision_option,
				     "all", NULL };
	int fd = open(log, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	int code;

	if (fd < 0)
		return fault_set(fault, EXIT_OUTPUT, "%.900s: %s", log,
				 strerror(errno));
	snprintf(jobs, sizeof(jobs), "-j%ld", sysconf(_SC_NPROCESSORS_ONLN));
	code = process_run(argv, build->tree, fd, fd);
	close(fd);
	find_error(log, line);
	if (code == 0 || code == -EINTR)
		unlink(log);
	if (code == 0)
		return 0;
	return fault_set(fault, EXIT_CHILD,
			 "%s (%s) does not build: %s; see %.400s", build->label,
			 build->revision.name,
			 code < 0 ? strerror(-code) : line, log);
}

/* Runs one short measurement with the built program and reads its run.json. */
static int measure_once(struct revision_build *build, struct fault *fault)
{
	char run[PATHS_MAX + 8];
	const char *const argv[] = {
		build->executable, "run",   "--scenario", "pingpong",
		"--backend",	   "mutex", "--wait",	  "block",
		"--placement",	   "any",   "--duration", "1ms",
		"--warmup",	   "1ms",   "--rounds",	  "1",
		"--out",	   run,	    NULL
	};
	struct fault unused;
	const char *id = NULL;
	json_t *json;
	int code;

	snprintf(run, sizeof(run), "%s/asked", build->folder);
	free(process_read(argv, build->folder, &code));
	json = run_read_json(run, &unused);
	build->program = json_incref(json_object_get(json, "program"));
	if (json_unpack(json, "{s:s}", "build_id", &id) == 0)
		snprintf(build->build_id, sizeof(build->build_id), "%s", id);
	json_decref(json);
	if (id && build->program)
		return 0;
	return fault_set(fault, EXIT_CHILD,
			 "%s (%s) is too old for ab: its `ringbench run` "
			 "does not measure the backend mutex or does not "
			 "write run.json; choose a later revision",
			 build->label, build->revision.name);
}

int revision_build_make(struct revision_build *build, const char *top,
			const char *scratch, const char *log,
			struct fault *fault)
{
	char build_option[PATHS_MAX + 8], revision_option[96];

	snprintf(build->folder, PATHS_MAX, "%.2100s/build", scratch);
	snprintf(build->executable, PATHS_MAX, "%.2200s/ringbench",
		 build->folder);
	snprintf(build_option, sizeof(build_option), "BUILD=%s", build->folder);
	snprintf(revision_option, sizeof(revision_option), "REVISION=%s",
		 build->revision.name);
	if (*build->revision.commit)
		snprintf(build->tree, PATHS_MAX, "%.2100s/tree", scratch);
	else
		snprintf(build->tree, PATHS_MAX, "%s", top);
	if (*build->revision.commit &&
	    revision_unpack(&build->revision, top, build->tree, fault))
		return -1;
	if (find_link(build, build_option, revision_option, fault) != 0 ||
	    compile(build, build_option, revision_option, log, fault) != 0)
		return -1;
	return measure_once(build, fault);
}

int revision_build_relink(const struct revision_build *build, uint64_t seed,
			  struct fault *fault)
{
	const char **argv = link_line_shuffled(&build->link, seed);
	int code = process_run(argv, build->tree, 0, 0);

	free(argv);
	if (code == 0)
		return 0;
	return fault_set(fault, EXIT_CHILD,
			 "%s (%s) cannot be linked in another order (the "
			 "linker's exit code is %d); check the free space on "
			 "the disk",
			 build->label, build->revision.name, code);
}

void revision_build_free(struct revision_build *build)
{
	link_line_free(&build->link);
	json_decref(build->program);
}
