/* SPDX-License-Identifier: BSD-2-Clause */
/* Fits a table into the width of the terminal by leaving out columns. */
#ifndef TABLE_NARROW_H
#define TABLE_NARROW_H

#include "output.h"
#include "table_select.h"
#include "text_table.h"

enum {
	TABLE_TITLE_MAX = 256,
};

/*
 * If the text is too wide, makes the next step towards a narrower table and
 * returns true; then the table has to be made again. Returns false if the text
 * fits or no step is left.
 */
bool table_narrow(const struct text_table *text, struct table_layout *layout,
		  const struct selection *selection,
		  char title[TABLE_TITLE_MAX], const struct output *output);

#endif
