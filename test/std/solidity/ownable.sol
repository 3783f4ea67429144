// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";

contract OwnedBox is Ownable {
    uint256 public content;

    constructor(address initialOwner) Ownable(initialOwner) {}

    function set(uint256 content_) external onlyOwner {
        content = content_;
    }
}
