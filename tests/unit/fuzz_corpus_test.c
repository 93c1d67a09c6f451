/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads the corpus of `make fuzz`, with any compiler: no file may crash the
 * reader. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "../fuzz/results_fuzz.c"

enum {
	CORPUS_FILE_MAX = 1 << 20,
};

static void no_file_of_the_corpus_crashes_the_reader(void **state)
{
	static uint8_t bytes[CORPUS_FILE_MAX];
	/* Tests are run in the root of the tree. */
	DIR *dir = opendir("tests/fuzz/corpus");
	struct dirent *entry;
	size_t files = 0;

	(void)state;
	assert_non_null(dir);
	while ((entry = readdir(dir)) != NULL) {
		char path[512];
		FILE *file;

		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "tests/fuzz/corpus/%s",
			 entry->d_name);
		file = fopen(path, "r");
		assert_non_null(file);
		LLVMFuzzerTestOneInput(bytes,
				       fread(bytes, 1, sizeof(bytes), file));
		fclose(file);
		files++;
	}
	closedir(dir);
	assert_true(files >= 10);
}

/* Replaces every 7th byte of a complete file by each of these bytes. */
static void no_changed_byte_crashes_the_reader(void **state)
{
	static const char to[] = "\",\n\0x9-";
	static uint8_t bytes[CORPUS_FILE_MAX];
	FILE *file = fopen("tests/fuzz/corpus/good", "r");
	size_t length;

	(void)state;
	assert_non_null(file);
	length = fread(bytes, 1, sizeof(bytes), file);
	fclose(file);
	for (size_t i = 0; i < length; i += 7)
		for (size_t j = 0; j < sizeof(to); j++) {
			uint8_t byte = bytes[i];

			bytes[i] = (uint8_t)to[j];
			LLVMFuzzerTestOneInput(bytes, length);
			bytes[i] = byte;
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_file_of_the_corpus_crashes_the_reader),
		cmocka_unit_test(no_changed_byte_crashes_the_reader),
	};

	return cmocka_run_group_tests_name("fuzz corpus", tests, NULL, NULL);
}
