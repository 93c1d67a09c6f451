/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "process.h"
#include "site.h"

/*
 * Starts the server with `in` and `out` as its standard files. Returns 0 or
 * -errno.
 */
static int start(struct site *site, int64_t service_ns, int in, int out)
{
	char service[32];
	const char *const argv[] = { "/proc/self/exe", "serve", "--service",
				     service, NULL };
	/*
	 * The server has its own process group: a signal to this process's
	 * group must not kill the server before it removes the folder.
	 */
	const struct process process = {
		.argv = argv,
		.in = in,
		.out = out,
		.err = out,
		.own_group = true,
	};

	snprintf(service, sizeof(service), "%" PRId64 "ns", service_ns);
	return process_start(&process, &site->process);
}

/* Reads the first line of the server. Returns 0, or -1 with the reason. */
static int listen_to(struct site *site, int from, char reason[WEB_REASON_MAX])
{
	static const char name[] = "ringbench: ";
	char line[WEB_REASON_MAX] = "";
	size_t length = 0;
	ssize_t got;

	do {
		got = read(from, line + length, sizeof(line) - 1 - length);
		length += got > 0 ? (size_t)got : 0;
	} while ((got > 0 || (got < 0 && errno == EINTR)) &&
		 !strchr(line, '\n') && length < sizeof(line) - 1);
	line[strcspn(line, "\n")] = '\0';
	if (sscanf(line, "serving %u %255[^\n]", &site->port, site->folder) ==
	    2)
		return 0;
	if (strncmp(line, name, sizeof(name) - 1) == 0)
		memmove(line, line + sizeof(name) - 1,
			strlen(line) - sizeof(name) + 2);
	snprintf(reason, WEB_REASON_MAX, "%s",
		 *line ? line : "the web server ended before it was ready");
	return -1;
}

static int start_and_listen(struct site *site, int64_t service_ns,
			    char reason[WEB_REASON_MAX])
{
	int in[2], out[2], error;

	if (pipe2(in, O_CLOEXEC) != 0)
		return -errno;
	if (pipe2(out, O_CLOEXEC) != 0) {
		error = -errno;
		close(in[0]);
		close(in[1]);
		return error;
	}
	site->server_input = in[1];
	error = start(site, service_ns, in[0], out[1]);
	close(in[0]);
	close(out[1]);
	if (!error)
		error = listen_to(site, out[0], reason);
	close(out[0]);
	if (error)
		close(in[1]);
	return error;
}

int site_open(struct site *site, int64_t service_ns,
	      char reason[WEB_REASON_MAX])
{
	int error;

	memset(site, 0, sizeof(*site));
	*reason = '\0';
	error = start_and_listen(site, service_ns, reason);
	if (!error)
		return 0;
	if (!*reason)
		snprintf(reason, WEB_REASON_MAX,
			 "cannot start the web server: %s", strerror(-error));
	/* The server's standard input is closed, so the server ends. */
	if (site->process)
		process_reap(site->process);
	memset(site, 0, sizeof(*site));
	return -1;
}

void site_close(struct site *site)
{
	if (!site->process)
		return;
	/*
	 * If this process is killed while it removes the folder, the server
	 * removes the rest.
	 */
	store_remove(site->folder);
	close(site->server_input);
	kill(site->process, SIGKILL);
	process_reap(site->process);
	memset(site, 0, sizeof(*site));
}
