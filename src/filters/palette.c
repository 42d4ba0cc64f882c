#include "filters/palette.h"

const Colour palette_ground = {"#ffffff", "#161616"};
const Colour palette_ink = {"#1a1a1a", "#ececec"};
const Colour palette_muted = {"#555555", "#b4b4b4"};
const Colour palette_axis = {"#8a8a8a", "#7c7c7c"};
const Colour palette_grid = {"#e4e4e4", "#353535"};

const Colour palette_series[PALETTE_SERIES] = {
    {"#0072b2", "#4fa8dc"}, /* blue */
    {"#d55e00", "#ee7b30"}, /* vermilion */
    {"#009e73", "#2bbd94"}, /* bluish green */
    {"#cc79a7", "#d98fb9"}, /* reddish purple */
    {"#e69f00", "#e8ad2e"}, /* orange */
    {"#56b4e9", "#9fd8f7"}, /* sky blue */
    {"#6e6e6e", "#a2a2a2"}, /* grey, for black, which a dark ground swallows */
};

const Colour palette_pale[PALETTE_SERIES] = {
    {"#b3d0e3", "#2a4a60"}, {"#f2cbb0", "#673b1e"}, {"#b0dfd1", "#1f5444"}, {"#eed4e2", "#5f4253"},
    {"#f7dfb0", "#654c1b"}, {"#cce8f8", "#48606d"}, {"#d3d3d3", "#4a4a4a"},
};
