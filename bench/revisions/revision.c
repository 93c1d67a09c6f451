/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "process.h"
#include "revision.h"
#include "text.h"

/*
 * Runs git and stores the first line of its output. Returns the exit code of
 * git, or -errno.
 */
static int ask_git(const char *const argv[], const char *dir, char *line,
		   size_t size)
{
	int code;
	char *output = process_read(argv, dir, &code);

	snprintf(line, size, "%.*s", (int)strcspn(output, "\n"), output);
	free(output);
	return code;
}

int revision_top(char top[PATHS_MAX], struct fault *fault)
{
	const char *const argv[] = { "git", "rev-parse", "--show-toplevel",
				     NULL };
	int code = ask_git(argv, NULL, top, PATHS_MAX);

	if (code == 0 && *top)
		return 0;
	if (code == -ENOENT)
		return fault_set(fault, EXIT_USAGE,
				 "git is not installed, and ab needs it to "
				 "find revisions; install it");
	return fault_set(fault, EXIT_USAGE,
			 "the current folder is not in a git repository, so "
			 "there are no revisions to build; run ab in the "
			 "folder of ringbench's sources");
}

int revision_find(struct revision *revision, const char *top, const char *name,
		  struct fault *fault)
{
	char object[256];
	const char *const verify[] = { "git",	  "rev-parse", "--verify",
				       "--quiet", object,      NULL };
	const char *const describe[] = { "git", "describe", "--always",
					 name ? revision->commit : "--dirty",
					 NULL };

	memset(revision, 0, sizeof(*revision));
	snprintf(object, sizeof(object), "%.200s^{commit}", name ? name : "");
	if (name && ask_git(verify, top, revision->commit,
			    sizeof(revision->commit)) != 0)
		return fault_set(fault, EXIT_USAGE,
				 "\"%.100s\" is not a revision of the "
				 "repository %.500s; `git log` and `git tag` "
				 "list revisions",
				 name, top);
	if (ask_git(describe, top, revision->name, sizeof(revision->name)) != 0)
		snprintf(revision->name, sizeof(revision->name), "unknown");
	text_clean(revision->name);
	return 0;
}

int revision_unpack(const struct revision *revision, const char *top,
		    const char *folder, struct fault *fault)
{
	char archive[PATHS_MAX + 8];
	const char *const pack[] = { "git", "archive", "--format=tar",
				     "-o",  archive,   revision->commit,
				     NULL };
	const char *const unpack[] = {
		"tar", "-xf", archive, "-C", folder, NULL
	};
	int error = paths_make_folder(folder), code = 0;

	snprintf(archive, sizeof(archive), "%s.tar", folder);
	if (!error)
		free(process_read(pack, top, &code));
	if (!error && !code)
		free(process_read(unpack, NULL, &code));
	unlink(archive);
	if (!error && !code)
		return 0;
	return fault_set(fault, EXIT_OUTPUT,
			 "cannot unpack %s into %.500s; check free space and "
			 "permissions, or choose another folder with TMPDIR",
			 revision->name, folder);
}
