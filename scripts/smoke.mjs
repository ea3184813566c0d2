console.log("to come")
