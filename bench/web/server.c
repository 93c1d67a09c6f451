/* SPDX-License-Identifier: BSD-2-Clause */
#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ringbench_clock.h"
#include "library.h"
#include "page.h"
#include "server.h"
#include "store.h"
#include "text.h"

#define FUNCTIONS(X)                       \
	X(MHD_start_daemon)                \
	X(MHD_get_daemon_info)             \
	X(MHD_create_response_from_buffer) \
	X(MHD_queue_response)              \
	X(MHD_destroy_response)

#define POINTER(name) __typeof__(name) *(name);
static struct {
	FUNCTIONS(POINTER)
} mhd;

static int load_library(char reason[WEB_REASON_MAX])
{
	static const char *const files[] = { "libmicrohttpd.so.12", NULL };
#define SYMBOL(name) { #name, &mhd.name },
	static const struct library_symbol symbols[] = { FUNCTIONS(SYMBOL) };

	return library_load(files, symbols,
			    sizeof(symbols) / sizeof(symbols[0]), reason);
}

static enum MHD_Result answer(struct MHD_Connection *connection, unsigned code,
			      char *body, size_t bytes)
{
	struct MHD_Response *response;
	enum MHD_Result result;

	response = mhd.MHD_create_response_from_buffer(bytes, body,
						       MHD_RESPMEM_MUST_FREE);
	if (!response)
		return MHD_NO;
	result = mhd.MHD_queue_response(connection, code, response);
	mhd.MHD_destroy_response(response);
	return result;
}

/*
 * Answers one request, in the thread of its connection. libmicrohttpd calls
 * this function twice for a request; only the second call may answer.
 */
static enum MHD_Result handle(void *arg, struct MHD_Connection *connection,
			      const char *url, const char *method,
			      const char *version, const char *data,
			      size_t *data_size, void **state)
{
	const int64_t *service_ns = arg;
	int64_t number;
	size_t bytes;
	char *body;

	(void)method;
	(void)version;
	(void)data;
	(void)data_size;
	if (!*state) {
		*state = arg;
		return MHD_YES;
	}
	if (text_parse_integer(url + 1, 0, INT64_MAX, &number) != 0)
		return answer(connection, MHD_HTTP_NOT_FOUND, NULL, 0);
	bytes = page_bytes((uint64_t)number);
	body = malloc(bytes);
	if (!body)
		return MHD_NO;
	if (number)
		ringbench_sleep_until(
			ringbench_now_ns() +
			page_service_ns((uint64_t)number, 0, *service_ns));
	page_fill((uint64_t)number, body, bytes);
	return answer(connection, MHD_HTTP_OK, body, bytes);
}

/* Starts the server. Returns its port, or 0 with errno. */
static unsigned start(int64_t *service_ns)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	const union MHD_DaemonInfo *info = NULL;
	struct MHD_Daemon *daemon;

	daemon = mhd.MHD_start_daemon(
		MHD_USE_AUTO | MHD_USE_INTERNAL_POLLING_THREAD |
			MHD_USE_THREAD_PER_CONNECTION,
		0, NULL, NULL, handle, service_ns, MHD_OPTION_SOCK_ADDR,
		&address, MHD_OPTION_END);
	if (daemon)
		info = mhd.MHD_get_daemon_info(daemon,
					       MHD_DAEMON_INFO_BIND_PORT);
	return info ? info->port : 0;
}

static void wait_for_end(void)
{
	char nothing;
	ssize_t got;

	do
		got = read(STDIN_FILENO, &nothing, 1);
	while (got > 0 || (got < 0 && errno == EINTR));
}

int server_run(int64_t service_ns, struct fault *fault)
{
	char folder[STORE_PATH_MAX], reason[WEB_REASON_MAX];
	unsigned port;

	/* Writing to a closed connection, or to a parent that has ended, must
	 * not kill the server. */
	signal(SIGPIPE, SIG_IGN);
	if (load_library(reason) != 0 || store_make(folder, reason) != 0)
		return fault_set(fault, EXIT_CHILD, "%s", reason);
	port = start(&service_ns);
	if (port) {
		printf("serving %u %s\n", port, folder);
		fflush(stdout);
		wait_for_end();
	} else {
		fault_set(fault, EXIT_CHILD,
			  "cannot serve pages on 127.0.0.1: %s; check that "
			  "programs on this system can use the loopback "
			  "interface",
			  strerror(errno));
	}
	store_remove(folder);
	return port ? 0 : -1;
}
