/* SPDX-License-Identifier: BSD-2-Clause */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host.h"
#include "host_files.h"

const char *host_root = "";

void host_path(char full[HOST_PATH_MAX], const char *path)
{
	if (snprintf(full, HOST_PATH_MAX, "%s%s", host_root, path) >=
	    HOST_PATH_MAX)
		*full = '\0'; /* a truncated path would be another file */
}

FILE *host_open(const char *path)
{
	char full[HOST_PATH_MAX];

	host_path(full, path);
	return fopen(full, "re");
}

static void trim_end(char *text)
{
	size_t length = strlen(text);

	while (length && isspace((unsigned char)text[length - 1]))
		text[--length] = '\0';
}

bool host_read(char *text, size_t size, const char *path, ...)
{
	char name[HOST_PATH_MAX];
	va_list arguments;
	FILE *file;

	*text = '\0';
	va_start(arguments, path);
	vsnprintf(name, sizeof(name), path, arguments);
	va_end(arguments);
	file = host_open(name);
	if (!file)
		return false;
	text[fread(text, 1, size - 1, file)] = '\0';
	fclose(file);
	trim_end(text);
	return *text;
}

int host_open_schedstat(void)
{
	return open("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC);
}

int64_t host_runqueue_ns(int schedstat)
{
	char text[128];
	long long cpu, runqueue;
	ssize_t length = -1;

	if (schedstat >= 0)
		length = pread(schedstat, text, sizeof(text) - 1, 0);
	if (length <= 0)
		return -1;
	text[length] = '\0';
	return sscanf(text, "%lld %lld", &cpu, &runqueue) == 2 ? runqueue : -1;
}

/* The value in the line; NULL if the line has another name. */
static char *field_value(char *line, const char *name, char separator)
{
	size_t length = strlen(name);

	if (strncmp(line, name, length))
		return NULL;
	line += length;
	if (separator != ' ')
		line += strspn(line, " \t");
	if (*line != separator)
		return NULL;
	line++;
	return line + strspn(line, " \t");
}

bool host_field(char *value, size_t size, const char *path, const char *name,
		char separator)
{
	FILE *file = host_open(path);
	char *line = NULL;
	char *found = NULL;
	size_t room = 0;

	*value = '\0';
	if (!file)
		return false;
	while (!found && getline(&line, &room, file) > 0)
		found = field_value(line, name, separator);
	if (found) {
		snprintf(value, size, "%s", found);
		trim_end(value);
	}
	free(line);
	fclose(file);
	return *value;
}

/* Accepts a unit after the number, as in "24684084 kB". */
static json_t *number_value(const char *text)
{
	char *end;
	long long number;

	errno = 0;
	number = strtoll(text, &end, 10);
	if (errno || end == text || (*end && !isspace((unsigned char)*end)))
		return NULL;
	return json_integer(number);
}

static json_t *choice_value(const char *text)
{
	const char *start = strpbrk(text, "[(");
	size_t length;

	if (!start)
		return NULL;
	length = strcspn(++start, "])");
	return json_stringn(start, length);
}

json_t *host_value(const char *text, enum fact_kind kind)
{
	switch (kind) {
	case FACT_NUMBER:
		return number_value(text);
	case FACT_CHOICE:
		return choice_value(text);
	default:
		return json_string(text);
	}
}

void host_put(json_t *into, const char *section, const char *key, json_t *value)
{
	json_t *part = json_object_get(into, section);

	if (!value)
		return;
	if (!part) {
		part = json_object();
		json_object_set_new(into, section, part);
	}
	json_object_set_new(part, key, value);
}

void host_put_part(json_t *into, const char *key, json_t *part)
{
	if (json_object_size(part) || json_array_size(part))
		json_object_set_new(into, key, part);
	else
		json_decref(part);
}

void host_put_facts(json_t *into, const struct fact *facts, size_t count)
{
	char text[HOST_TEXT_MAX];
	size_t i;

	for (i = 0; i < count; i++)
		if (host_read(text, sizeof(text), "%s", facts[i].path))
			host_put(into, facts[i].section, facts[i].key,
				 host_value(text, facts[i].kind));
}

void host_put_fields(json_t *into, const char *section, const char *path,
		     char separator, const struct field *fields, size_t count)
{
	char text[HOST_TEXT_MAX];
	size_t i;

	for (i = 0; i < count; i++)
		if (host_field(text, sizeof(text), path, fields[i].name,
			       separator))
			host_put(into, section, fields[i].key,
				 host_value(text, fields[i].kind));
}

void host_each(const char *directory, const char *prefix, json_t *into,
	       void (*visit)(json_t *into, const char *directory,
			     const char *name))
{
	char full[HOST_PATH_MAX];
	struct dirent **entries;
	int count;
	int i;

	host_path(full, directory);
	count = scandir(full, &entries, NULL, versionsort);
	for (i = 0; i < count; i++) {
		const char *name = entries[i]->d_name;

		if (*name != '.' && !strncmp(name, prefix, strlen(prefix)))
			visit(into, directory, name);
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
}
