"What is trained, and its tangent kernel. The function `ntk` stays in `nint.networks.ntk`: here it would hide its module."
