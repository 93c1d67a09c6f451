/* SPDX-License-Identifier: BSD-2-Clause */
/* The style sheet of the HTML report. */
#ifndef STYLE_H
#define STYLE_H

/* The style sheet, without the element <style>. */
extern const char page_style[];

#endif
