/* SPDX-License-Identifier: BSD-2-Clause */
/* The look of the page. */
#ifndef STYLE_H
#define STYLE_H

/* The style sheet, without the element <style>. */
extern const char page_style[];

#endif
