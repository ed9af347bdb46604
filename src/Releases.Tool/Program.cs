using Releases.Local;
using Releases.Tool;

if (args is ["__exec", .. var exec]) return ExecShim.Run(exec);
if (args is ["__daemon", .. var daemon]) return await DaemonHost.Run(daemon);

using var interruption = new Interruption();
var outside = new Surroundings(
    new SystemTerminal(), TimeProvider.System, Environment.CurrentDirectory, Environment.GetEnvironmentVariable,
    (address, _) => Task.FromResult(Racks.Open(address)));
return await ConvoxTool.Run(args, outside, interruption.Token);
