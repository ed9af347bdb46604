using Releases;
using Releases.Local;
using Releases.Tool;

ClosedStreams.Fill();
if (args is ["__exec", .. var exec]) return ExecShim.Run(exec);
ResidentMemory.KeepLittle();
SignalHandlers.ReceiveChildSignals();
if (OneOffSupervisor.IsRequested(args)) return await OneOffSupervisor.Run(args);
if (PublishGate.IsRequested(args)) return PublishGate.Wait(args[1]);
if (args is ["__daemon", .. var daemon]) return await DaemonHost.Run(daemon);

Interruption.Catch();
var terminal = new SystemTerminal();
var host = new ToolHost(
    terminal, TimeProvider.System, CurrentFolder.Find(), Environment.GetEnvironmentVariable, KnownRacks.All)
{
    LeaveTo = Interruption.LeaveTo,
    Edit = (file, cancel) => Interruption.LeaveTo(() => Editor.Open(file, Environment.GetEnvironmentVariable, cancel)),
    Browse = Browser.Open,
    Dotnet = (run, line, cancel) => DotnetProgram.Run(run, line, TimeProvider.System, cancel),
};
return await ConvoxTool.Run(args, host, Interruption.Token);
