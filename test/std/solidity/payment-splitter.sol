// SPDX-License-Identifier: MIT
pragma solidity ^0.8.0;

import {PaymentSplitter} from "@openzeppelin/contracts-v4/finance/PaymentSplitter.sol";

contract Splitter is PaymentSplitter {
    constructor(address[] memory payees, uint256[] memory shares) payable PaymentSplitter(payees, shares) {}

    /// What a plain transfer does, under a name.
    function receiveCoin() external payable {
        emit PaymentReceived(msg.sender, msg.value);
    }
}
