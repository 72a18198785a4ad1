//! Products of small matrices, whose elements are spread over the registers of a warp.
