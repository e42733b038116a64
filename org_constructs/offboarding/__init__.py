"""How somebody who leaves has nothing left: `org-baseline offboard`."""
