// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";

// The import alone doesn't make the contract one of this file's.
contract Timelock is TimelockController {
    constructor(
        uint256 minDelay,
        address[] memory proposers,
        address[] memory executors,
        address admin
    ) TimelockController(minDelay, proposers, executors, admin) {}
}

contract Box {
    uint256 public number;
    address public sender;

    error Odd(uint256 number);

    function set(uint256 to) external payable returns (uint256) {
        if (to % 2 != 0) revert Odd(to);
        number = to;
        sender = msg.sender;
        return to + 1;
    }
}
