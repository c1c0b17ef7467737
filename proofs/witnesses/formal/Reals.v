(* The theorems speak of something: Coq's own real numbers are a realType. *)
From Coq Require Import Reals.
From mathcomp Require Import Rstruct.
From Backprop Require Import Sigmoid.

Definition backprop_of_coqs_reals := @backprop_sigmoid_quadratic [the realType of (R : Type)].
